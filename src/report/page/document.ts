import { escapeHtml, type Markup } from "./markup.ts";
import { pageStyle } from "./style.ts";

/** A whole page around its body: one file with its style in it. */
export const document = (title: string, body: Markup): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
${body.html}
</body>
</html>
`;
