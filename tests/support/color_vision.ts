/**
 * How different two colors look, to people who see all colors and to those who do not: CIEDE2000 (Sharma, Wu and Dalal, 2005)
 * after the simulation of Machado, Oliveira and Fernandes (2009) at full severity. Colors are `#rrggbb`.
 */

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** In linear RGB. */
export const VISIONS: Readonly<Record<string, Matrix>> = {
  "all colors": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const SRGB_TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const D65: Triple = [0.95047, 1, 1.08883];

/** The difference as `vision` sees it; about 1 is just seen when two fields touch. */
export function difference(a: string, b: string, vision: Matrix = VISIONS["all colors"]): number {
  return ciede2000(labOf(a, vision), labOf(b, vision));
}

function times(matrix: Matrix, v: Triple): Triple {
  return matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Triple;
}

function labOf(color: string, vision: Matrix): Triple {
  const linear = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
  const seen = times(vision, linear).map((value) => Math.min(1, Math.max(0, value)));
  const [x, y, z] = times(SRGB_TO_XYZ, seen as unknown as Triple).map((value, i) => {
    const ratio = value / D65[i];
    return ratio > 216 / 24389 ? Math.cbrt(ratio) : (841 / 108) * ratio + 4 / 29;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const radians = (degrees: number) => degrees * Math.PI / 180;
const hue = (a: number, b: number) => (Math.atan2(b, a) * 180 / Math.PI + 360) % 360;

/** The paper's formulas, with its names. */
export function ciede2000([L1, a1, b1]: Triple, [L2, a2, b2]: Triple): number {
  const mean7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const G = 0.5 * (1 - Math.sqrt(mean7 / (mean7 + 25 ** 7)));
  const [p1, p2] = [(1 + G) * a1, (1 + G) * a2];
  const [C1, C2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  const isGray = C1 * C2 === 0;
  let dh = isGray ? 0 : h2 - h1;
  if (dh > 180) dh -= 360;
  else if (dh < -180) dh += 360;
  const dH = 2 * Math.sqrt(C1 * C2) * Math.sin(radians(dh / 2));
  const [L, C] = [(L1 + L2) / 2, (C1 + C2) / 2];
  const around = h1 + h2 < 360 ? 360 : -360;
  const h = isGray ? h1 + h2 : (h1 + h2 + (Math.abs(h1 - h2) > 180 ? around : 0)) / 2;
  const T = 1 - 0.17 * Math.cos(radians(h - 30)) + 0.24 * Math.cos(radians(2 * h)) +
    0.32 * Math.cos(radians(3 * h + 6)) - 0.2 * Math.cos(radians(4 * h - 63));
  const RC = 2 * Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7));
  const RT = -Math.sin(radians(60 * Math.exp(-(((h - 275) / 25) ** 2)))) * RC;
  const light = (L2 - L1) / (1 + 0.015 * (L - 50) ** 2 / Math.sqrt(20 + (L - 50) ** 2));
  const chroma = (C2 - C1) / (1 + 0.045 * C);
  const tone = dH / (1 + 0.015 * C * T);
  return Math.sqrt(light ** 2 + chroma ** 2 + tone ** 2 + RT * chroma * tone);
}
