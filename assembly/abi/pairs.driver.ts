// What pairs.test.ts calls: one reader, whose host call the test answers.
import { malloc } from "./callbacks/memory";
import { PairsReader } from "./pairs";

export { malloc };

let reader: PairsReader | null = null;

export function open(map: i32): void {
  reader = PairsReader.ofMap(map);
}

export function advance(): bool {
  return reader!.advance();
}

export function advanceTo(name: usize, nameSize: usize): bool {
  return reader!.advanceTo(name, nameSize);
}

export function name(): usize {
  return reader!.name;
}

export function nameSize(): usize {
  return reader!.nameSize;
}

export function value(): usize {
  return reader!.value;
}

export function valueSize(): usize {
  return reader!.valueSize;
}

export function close(): void {
  reader!.close();
}

/** Adds a page to the memory, which no allocator knows of. */
export function grow(): void {
  memory.grow(1);
}
