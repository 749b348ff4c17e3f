/**
 * Flavours (tastes) of one staggered field, det D: the 2^d corners of the Brillouin zone over the 2^floor(d/2) components of a
 * spinor; 4 in three and four dimensions, 2 in one and two.
 */
export const tastes = (dimension: number): number => 2 ** Math.ceil(dimension / 2);
