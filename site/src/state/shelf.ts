/** Room is what a shelf needs of the browser: where files are kept, or a refusal. */
export type Room = () => CacheStorage;

const name = "all-managed-policies";

/** Shelf keeps the file with all of AWS's managed policies until it is removed. */
export class Shelf {
  constructor(
    private readonly url: string,
    private readonly room: Room,
    private readonly fetching: (url: string) => Promise<Response>,
  ) {}

  /** read gives the kept text, null when nothing is kept or nothing can be. */
  async read(): Promise<string | null> {
    try {
      const response = await this.room().match(this.url, { cacheName: name });
      return response ? await response.text() : null;
    } catch {
      return null;
    }
  }

  /** fetch gives the text anew; progress gets the bytes that are here, unpacked. */
  async fetch(progress: (bytes: number) => void): Promise<string> {
    const response = await this.fetching(this.url);
    if (!response.ok || !response.body) throw new Error(`the site answered with status ${response.status}`);
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let text = "";
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      progress((bytes += part.value.length));
    }
    return text + decoder.decode();
  }

  /** keep puts a text on the shelf; it tells whether the browser keeps it. */
  async keep(text: string): Promise<boolean> {
    try {
      const cache = await this.room().open(name);
      await cache.put(this.url, new Response(text, { headers: { "content-type": "application/json" } }));
      return true;
    } catch {
      return false;
    }
  }

  /** remove clears the shelf. */
  async remove(): Promise<void> {
    try {
      await this.room().delete(name);
    } catch {
      // What keeps nothing has nothing to remove.
    }
  }
}
