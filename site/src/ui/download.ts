/** saveAs gives the user a text as a file. */
export function saveAs(name: string, text: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The download begins after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
