/** maxDepth is how many arrays and objects inside each other are read. */
export const maxDepth = 64;

/** depth is the largest number of brackets that are open at once, strings left aside. It is known before anything is parsed. */
export function depth(text: string): number {
  let open = 0;
  let most = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === "{" || c === "[")) most = Math.max(most, ++open);
    else if (!quoted && (c === "}" || c === "]")) open--;
  }
  return most;
}
