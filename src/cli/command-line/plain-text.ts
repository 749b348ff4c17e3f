// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const colours = /\u001b\[[\d;]*m/g;

/** Text without terminal colours. */
export const plainText = (text: string): string => text.replace(colours, "");
