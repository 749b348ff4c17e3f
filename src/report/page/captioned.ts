import { type Markup, markup, trusted } from "./markup.ts";

/** A figure, with a caption where there is something to say. */
export const captioned = (svg: string, caption?: Markup | string): Markup =>
  markup`<figure>${trusted(svg)}${caption && markup`<figcaption>${caption}</figcaption>`}</figure>
`;
