/** unpacked is a response without its gzip, which the page in a single file carries its parts with; any other response is as it was. */
export function unpacked(response: Response): Response {
  if (response.headers.get("content-type") !== "application/gzip") return response;
  return new Response(response.body!.pipeThrough(new DecompressionStream("gzip")));
}
