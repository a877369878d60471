// Builds dist/ from src/. The result is committed: `node build.mjs --check` fails when it is not up to date.
import { build } from "esbuild";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const check = process.argv.includes("--check");
const out = check ? await mkdtemp(join(tmpdir(), "watchbell-assets-")) : dist;
await mkdir(out, { recursive: true });

await build({
  absWorkingDir: here,
  entryPoints: ["src/auth.ts", "src/push.ts", "src/prefs.ts", "src/codes.ts", "src/passkey.ts", "src/keys.ts", "src/sw.ts", "src/app.css"],
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["chrome123", "firefox121", "safari17.5"],
  legalComments: "none",
  outdir: out,
  logLevel: "warning",
});
for (const name of await readdir(join(here, "static"))) await copyFile(join(here, "static", name), join(out, name));

if (check) {
  const names = new Set([...(await readdir(out)), ...(await readdir(dist))]);
  const read = (folder, name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0));
  const stale = [];
  for (const name of names) if (!(await read(out, name)).equals(await read(dist, name))) stale.push(name);
  await rm(out, { recursive: true });
  if (stale.length) {
    console.error(`assets/dist is not up to date: ${stale.join(", ")}. Run: npm run build`);
    process.exit(1);
  }
}
