// A text from anybody may hold characters that are not what they seem: some are obeyed instead of shown, some cannot be seen, and some
// look like a letter of an ARN and are another one. They are written as their codes, "\\u{202E}", as static pages do.

/** unseen are characters that are obeyed instead of shown, or leave no ink. */
const unseen = /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202e\u205f-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/u;

/** alike are characters that are drawn as one of ASCII is: letters of other scripts, signs of ARNs and patterns, ASCII of full width, the alphabets of mathematics, Roman numerals. */
const alike = /[аеорсухіјѕԁһӏԛԝѵАВЕКМНОРСТУХІЈЅԌΥΧΤΡΟΝΜΚΙΗΖΕΒΑαιονρυϲϳօոսհցıɡɑɩℓℯℊℴKꓐꓑꓒꓓꓖꓙꓚꓝꓟꓠꓡꓢꓣꓤꓦꓧꓨꓪꓫꓬꓮꓰꓲꓳꓴ∕⁄⧸꞉∶ː᎓﹕∗⁎⋆‐‑‒−˗․‚！-～Ⅰ-ⅿ]|[\u{1d400}-\u{1d7ff}]/u;

/** Disguise is a character of a text that is not what it seems: where it begins, how long it is, and its code. */
export interface Disguise {
  at: number;
  length: number;
  code: string;
}

/** foreign says that a letter of the word looks like none of ASCII, so that the word is what it seems. */
const foreign = (word: string) => [...word].some((c) => c > "\x7f" && /\p{L}/u.test(c) && !alike.test(c));

/**
 * disguises finds the characters of a text that are not what they seem. One that looks like ASCII gives itself away by the company it keeps: letters of
 * ASCII in the same word, or a word of nothing but look-alikes in one piece with ASCII.
 */
export function disguises(text: string): Disguise[] {
  if (/^[\t\n\x20-\x7e]*$/.test(text)) return [];
  const found: Disguise[] = [];
  for (const run of text.matchAll(/\S+/gu)) {
    if (!alike.test(run[0])) continue;
    const latin = /[A-Za-z]/.test(run[0]);
    for (const part of run[0].matchAll(/[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]/gu)) {
      if (!/[A-Za-z]/.test(part[0]) && (!latin || foreign(part[0]))) continue;
      let at = run.index + part.index;
      for (const c of part[0]) {
        if (alike.test(c) && !unseen.test(c)) found.push({ at, length: c.length, code: code(c) });
        at += c.length;
      }
    }
  }
  let at = 0;
  for (const c of text) {
    if (unseen.test(c)) found.push({ at, length: c.length, code: code(c) });
    at += c.length;
  }
  return found.sort((a, b) => a.at - b.at);
}

function code(c: string): string {
  return `\\u{${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}}`;
}

/** reveal writes the characters of a text that are not what they seem as their codes. */
export function reveal(text: string): string {
  let out = "";
  let from = 0;
  for (const { at, length, code } of disguises(text)) {
    out += text.slice(from, at) + code;
    from = at + length;
  }
  return out + text.slice(from);
}
