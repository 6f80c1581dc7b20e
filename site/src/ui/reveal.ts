/** unseen are characters that are obeyed instead of shown, or cannot be seen: controls, marks of direction, spaces without width, tags. */
const unseen = /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\u{e0000}-\u{e0fff}]/gu;

/** reveal writes such characters of a text as their codes, "\u{202E}", as static pages do. */
export function reveal(text: string): string {
  return text.replace(unseen, (c) => `\\u{${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}}`);
}
