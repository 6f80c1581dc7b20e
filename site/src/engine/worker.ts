// The engine's thread of the page.
import wasmUrl from "../../generated/engine.wasm?url";
import { serve, type Scope } from "./program.ts";

serve(wasmUrl, self as unknown as Scope);
