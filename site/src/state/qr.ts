import { correction, generate } from "lean-qr";
import { toSvgPath } from "lean-qr/extras/svg";

/** QR is a code as the outline of its dark squares, each one unit wide. */
export interface QR {
  size: number;
  path: string;
}

/** qr makes a code with light error correction, so that it holds the most; null when the text is too long for any. */
export function qr(text: string): QR | null {
  try {
    const code = generate(text, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.L });
    return { size: code.size, path: toSvgPath(code) };
  } catch {
    return null;
  }
}
