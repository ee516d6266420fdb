// Lists the fields of parse tree nodes that are declared as a certain struct, one "Tag.field=Struct" a line: in JSON such a field does not
// say what it holds. Read from the declarations that belong to the pinned grammar.
//
//   node structs.mjs types.d.ts OUT
import fs from 'node:fs';

const [inFile, outFile] = process.argv.slice(2);
const declarations = fs.readFileSync(inFile, 'utf8');
const interfaces = new Map([...declarations.matchAll(/export interface (\w+) \{([^}]*)\}/g)].map(([, name, body]) => [name, body]));
const lines = [];
for (const [name, body] of interfaces) {
  for (const [, field, type] of body.matchAll(/(\w+)\?: (\w+)(?:\[\])?;/g)) {
    if (interfaces.has(type)) lines.push(`${name}.${field}=${type}`);
  }
}
if (lines.length < 100) throw new Error(`only ${lines.length} struct fields found in ${inFile}`);
fs.writeFileSync(outFile, lines.sort().join('\n') + '\n');
