/** furniture is what highlighters and themes put into a block of code that is no code. */
const furniture = "button, .copy, .lang, .linenos, .linenodiv, .line-numbers-wrapper, .lineno, .line-number, [aria-hidden='true'], script, style";

/** written is the text of a block of code; themes write line ends as elements, too. */
function written(node: Node): string {
  if (node.nodeType === 3) return node.nodeValue ?? "";
  if (node.nodeName === "BR") return "\n";
  if (node instanceof Element && node.matches(furniture)) return "";
  return Array.from(node.childNodes, written).join("");
}

/** codeBefore is the text of the block of code that stands before an element; null when something else does. */
export function codeBefore(element: Element): string | null {
  // A generator may have wrapped the element or the block, so the way leads up as well; not far, or any block of the page would do.
  for (let at: Element | null = element, up = 0; at && at !== document.body && up < 4; at = at.parentElement, up++) {
    let before = at.previousElementSibling;
    while (before?.matches("script, style, link, iam-playground")) before = before.previousElementSibling;
    if (!before) continue;
    const block = before.matches("pre") ? before : Array.from(before.querySelectorAll("pre")).at(-1);
    return block ? written(block.querySelector("code") ?? block) : null;
  }
  return null;
}
