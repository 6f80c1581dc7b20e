// The engine's thread of embeds. It may stand in a blob, which knows no address, so the first message brings the program's: {engine}.
import { serve, type Scope } from "../engine/program.ts";

const scope = self as unknown as Scope;
(scope as { onmessage: unknown }).onmessage = (event: MessageEvent<{ engine: string }>) => serve(event.data.engine, scope);
