/** Loads a module of the built program: what is measured is what ships. `path` is that of the source without its ending, such as `agent/cgminer/client`. */
export async function built<T>(path: string): Promise<T> {
  return (await import(new URL(`../../dist/${path}.js`, import.meta.url).href)) as T;
}
