// The author's thread of the page: what may be written, and what it means.
import wasmUrl from "../../generated/author.wasm?url";
import { serve, type Scope } from "./program.ts";

serve(wasmUrl, self as unknown as Scope);
