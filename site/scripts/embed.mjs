// Builds dist/embed, run by run; vite.embed.config.ts says what each makes.
import { build } from "vite";

for (const mode of ["parts", "worker", "element", "frame", "host"]) await build({ configFile: "vite.embed.config.ts", mode, logLevel: "warn" });
