// Splits the giant functions of a WebAssembly module, so that the JVM can compile them.
//
//   node split.mjs IN.wasm OUT.wasm
//
// Why: a Java method may hold 64 KB of bytecode, and HotSpot never compiles one above 8,000 bytes. PostgreSQL's grammar (yyparse) and the
// writers of its parse trees are single functions of up to 120,000 nodes; as shipped they would be interpreted.
//
// How: within a giant function, runs of neighbouring children of a block ("regions") of about REGION nodes move into functions of their own,
// from the inside outwards. A region's function
//   - takes as parameters the locals the region may read before it sets them, or may leave unset;
//   - hands back the locals that are used outside of it through globals, which its caller reads at once (nothing runs in between);
//   - answers which way it ended (0 = fell through, n = broke out to the n-th label) when there is more than one way.
// Regions that return from the function, or break out with a value, stay where they are. The ssa pass goes first, because fewer locals are
// then shared. The result is validated; the tests of the grammar module compare its trees with those of PostgreSQL itself.
import binaryen from 'binaryen';
import fs from 'node:fs';
import { Worker, isMainThread } from 'node:worker_threads';

const [inFile, outFile] = process.argv.slice(2);
const REGION = 700; // nodes: well under 8,000 bytes of bytecode
const REGION_MIN = 14; // below this a call costs more than it saves
const GIANT_BYTES = 8_000; // of WebAssembly code
const MOST_EXITS = 6, MOST_PARAMETERS = 40, MOST_RESULTS = 8;

const B = binaryen;
const input = fs.readFileSync(inFile);
const module = B.readBinary(input);
// Only what the input uses and the JVM's runtime knows: with all features on, the emitter writes imports that Chicory cannot read.
module.setFeatures(B.Features.MutableGlobals | B.Features.BulkMemory | B.Features.BulkMemoryOpt | B.Features.SignExt
  | B.Features.NontrappingFPToInt | B.Features.Multivalue | B.Features.CallIndirectOverlong);

const WITHOUT_INFO = new Map([[B.NopId, { id: B.NopId }], [B.UnreachableId, { id: B.UnreachableId }]]);
const info = (e) => WITHOUT_INFO.get(B.getExpressionId(e)) ?? B.getExpressionInfo(e);
const present = (...expressions) => expressions.filter((e) => e);

/** Children of an expression in the order they are evaluated. */
function children(i) {
  switch (i.id) {
    case B.BlockId: return i.children;
    case B.IfId: return present(i.condition, i.ifTrue, i.ifFalse);
    case B.LoopId: return [i.body];
    case B.BreakId: case B.SwitchId: return present(i.value, i.condition);
    case B.CallId: case B.TupleMakeId: return i.operands;
    case B.CallIndirectId: return [...i.operands, i.target];
    case B.LocalSetId: case B.GlobalSetId: case B.UnaryId: case B.DropId: case B.ReturnId: return present(i.value);
    case B.LoadId: return [i.ptr];
    case B.StoreId: return [i.ptr, i.value];
    case B.BinaryId: return [i.left, i.right];
    case B.SelectId: return [i.ifTrue, i.ifFalse, i.condition];
    case B.MemoryGrowId: return [i.delta];
    case B.MemoryCopyId: return [i.dest, i.source, i.size];
    case B.MemoryFillId: return [i.dest, i.value, i.size];
    case B.MemoryInitId: return [i.dest, i.offset, i.size];
    case B.TupleExtractId: return [i.tuple];
    case B.LocalGetId: case B.GlobalGetId: case B.ConstId: case B.NopId: case B.UnreachableId: case B.MemorySizeId:
    case B.DataDropId: case B.RefFuncId: case B.RefNullId: return [];
    default: throw new Error(`expression of kind ${i.id} is not known to this script`);
  }
}

function walk(e, visit) {
  const i = info(e);
  for (const child of children(i)) walk(child, visit);
  visit(e, i);
}

const labelsOf = (i) => (i.id === B.BreakId ? [i.name] : [...new Set([...i.names, i.defaultName])]);

// ---- Which locals may be read before they are set -------------------------------------------------------------------------------------

const UNREACHED = Symbol('no path comes here'); // behaves as the set of all locals
const intersect = (a, b) => (a === UNREACHED ? b : b === UNREACHED ? a : new Set([...a].filter((x) => b.has(x))));

/** Follows every path through e from the set of assigned locals; adds locals read while unassigned to `early`; answers the set afterwards. */
function assigned(e, before, atLabel, early) {
  const i = info(e);
  const inOrder = (expressions, from) => expressions.reduce((set, x) => assigned(x, set, atLabel, early), from);
  const arrive = (label, set) => atLabel.has(label) && atLabel.set(label, intersect(atLabel.get(label), set));
  switch (i.id) {
    case B.BlockId: {
      if (i.name) atLabel.set(i.name, UNREACHED);
      const end = inOrder(i.children, before);
      if (!i.name) return end;
      const broken = atLabel.get(i.name);
      atLabel.delete(i.name);
      return intersect(end, broken);
    }
    case B.IfId: {
      const start = assigned(i.condition, before, atLabel, early);
      const yes = assigned(i.ifTrue, start, atLabel, early);
      return intersect(yes, i.ifFalse ? assigned(i.ifFalse, start, atLabel, early) : start);
    }
    case B.BreakId: {
      const set = inOrder(children(i), before);
      arrive(i.name, set);
      return i.condition ? set : UNREACHED;
    }
    case B.SwitchId: {
      const set = inOrder(children(i), before);
      for (const label of labelsOf(i)) arrive(label, set);
      return UNREACHED;
    }
    case B.LocalGetId:
      if (before !== UNREACHED && !before.has(i.index)) early.add(i.index);
      return before;
    case B.LocalSetId: {
      const set = inOrder(children(i), before);
      return set === UNREACHED ? set : new Set(set).add(i.index);
    }
    case B.ReturnId: case B.UnreachableId:
      inOrder(children(i), before);
      return UNREACHED;
    default:
      return inOrder(children(i), before);
  }
}

// ---- One giant function ---------------------------------------------------------------------------------------------------------------

const globals = new Set();
/** The global that carries the n-th result of a type, made when first needed. */
function carrier(type, n) {
  const name = `split_${type}_${n}`;
  if (!globals.has(name)) {
    globals.add(name);
    const zero = type === B.i32 ? module.i32.const(0) : type === B.i64 ? module.i64.const(0n) : type === B.f64 ? module.f64.const(0)
      : module.f32.const(0);
    module.addGlobal(name, type, true, zero);
  }
  return name;
}

let outlined = 0;

class Giant {
  constructor(reference) {
    const i = B.getFunctionInfo(reference);
    this.name = i.name;
    this.parameters = B.expandType(i.params).length;
    this.types = [...B.expandType(i.params), ...i.vars];
    this.body = B.Function(reference).body;
    this.sizes = new Map();
    this.uses = new Map(); // of each local in the whole function
    walk(this.body, (e, x) => this.countLocal(x, this.uses));
  }

  countLocal(i, uses) {
    if (i.id === B.LocalGetId || i.id === B.LocalSetId) uses.set(i.index, (uses.get(i.index) ?? 0) + 1);
  }

  size(e) {
    let size = this.sizes.get(e);
    if (size === undefined) this.sizes.set(e, (size = this.sizeNow(e)));
    return size;
  }

  sizeNow(e) {
    const i = info(e);
    return children(i).reduce((sum, child) => sum + this.size(child), 1 + (i.id === B.SwitchId ? i.names.length : 0));
  }

  split() {
    this.shrink(this.body);
  }

  /** Shrinks e's children first, then groups neighbours that are small enough. */
  shrink(e) {
    if (this.size(e) <= REGION) return;
    const i = info(e);
    if (i.id !== B.BlockId) {
      for (const child of children(i)) this.shrink(child);
    } else {
      for (let k = 0; k < i.children.length; k++) this.shrink(B.Block(e).getChildAt(k));
      this.outlineRuns(e);
    }
    this.sizes.set(e, this.sizeNow(e));
  }

  /** From the last child to the first, so that the places of those to come stay the same. */
  outlineRuns(block) {
    let end = B.Block(block).numChildren, sum = 0;
    for (let k = end - 1; k >= 0; k--) {
      const size = this.size(B.Block(block).getChildAt(k));
      if (sum + size > REGION) {
        if (sum >= REGION_MIN) this.outline(block, k + 1, end);
        end = size > REGION ? k : k + 1;
        sum = size > REGION ? 0 : size;
      } else {
        sum += size;
      }
    }
    if (sum >= REGION_MIN) this.outline(block, 0, end);
  }

  /** Moves children [from, to) of a block into a function of their own if they allow it. */
  outline(block, from, to) {
    const region = [];
    for (let k = from; k < to; k++) region.push(B.Block(block).getChildAt(k));
    const facts = this.study(region);
    if (!facts) return;
    const call = this.move(region, facts);
    const parent = B.Block(block);
    const type = facts.falls ? B.none : B.unreachable;
    parent.setChildAt(from, call.length === 1 ? call[0] : module.block(null, call, type));
    for (let k = to - 1; k > from; k--) parent.removeChildAt(k);
    for (const local of [...facts.inputs, ...facts.outputs]) this.uses.set(local, (this.uses.get(local) ?? 0) + 1);
    outlined++;
  }

  /** What must go in and come out, or null when the region has to stay or would not pay. */
  study(region) {
    const uses = new Map(), set = new Set(), inside = new Set(), targets = new Set();
    let fixed = false;
    for (const e of region) {
      walk(e, (_, i) => {
        this.countLocal(i, uses);
        if (i.id === B.LocalSetId) set.add(i.index);
        if ((i.id === B.BlockId || i.id === B.LoopId) && i.name) inside.add(i.name);
        if (i.id === B.BreakId || i.id === B.SwitchId) {
          fixed ||= Boolean(i.value);
          labelsOf(i).forEach((label) => targets.add(label));
        }
        fixed ||= i.id === B.ReturnId;
      });
    }
    const lastType = B.getExpressionType(region.at(-1));
    if (fixed || (lastType !== B.none && lastType !== B.unreachable)) return null;
    const early = new Set();
    region.reduce((before, e) => assigned(e, before, new Map(), early), new Set());
    const inputs = [], outputs = [], own = [];
    for (const [local, count] of uses) {
      const shared = local < this.parameters || this.uses.get(local) !== count;
      // A local that stays private but is read early keeps its value from one pass through the region to the next.
      if (early.has(local) || (shared && set.has(local))) inputs.push(local);
      if (set.has(local) && (shared || early.has(local))) outputs.push(local);
      if (!shared && !early.has(local)) own.push(local);
    }
    const exits = [...targets].filter((label) => !inside.has(label));
    const falls = !region.some((e) => B.getExpressionType(e) === B.unreachable);
    const coded = exits.length + (falls ? 1 : 0) > 1;
    const size = region.reduce((sum, e) => sum + this.size(e), 0);
    const cost = 8 + inputs.length + outputs.length * 4 + (coded ? 4 * exits.length : 0);
    const fits = exits.length <= MOST_EXITS && inputs.length <= MOST_PARAMETERS && outputs.length <= MOST_RESULTS;
    return fits && size >= cost ? { inputs, outputs, own, exits, falls, coded } : null;
  }

  /** Makes the region's function; answers the expressions that call it and go on as it says. */
  move(region, { inputs, outputs, own, exits, falls, coded }) {
    const name = `split_${this.name}_${outlined}`;
    const typeOf = (local) => this.types[local];
    const variables = [...own, ...outputs.filter((local) => !inputs.includes(local))];
    const renumbered = new Map([...inputs, ...variables].map((local, k) => [local, k]));
    for (const e of region) {
      walk(e, (x, i) => {
        if (i.id === B.LocalGetId) B.LocalGet(x).index = renumbered.get(i.index);
        if (i.id === B.LocalSetId) B.LocalSet(x).index = renumbered.get(i.index);
      });
    }
    const direct = !coded && outputs.length === 1; // the one result is simply returned
    const result = direct ? typeOf(outputs[0]) : coded ? B.i32 : B.none;
    const current = (local) => module.local.get(renumbered.get(local), typeOf(local));
    const leave = (code) => {
      if (direct) return [module.return(current(outputs[0]))];
      const stores = outputs.map((local, k) => module.global.set(carrier(typeOf(local), k), current(local)));
      return [...stores, coded ? module.return(module.i32.const(code)) : module.return()];
    };
    let body = [...region, ...(falls ? leave(0) : [])];
    exits.forEach((label, k) => { body = [module.block(label, body, B.none), ...leave(k + 1)]; });
    module.addFunction(name, B.createType(inputs.map(typeOf)), result, variables.map(typeOf),
      module.block(null, [...body, module.unreachable()], result));

    const call = module.call(name, inputs.map((local) => module.local.get(local, typeOf(local))), result);
    if (direct) return [module.local.set(outputs[0], call), ...this.goOn(exits, falls)];
    const loads = outputs.map((local, k) => module.local.set(local, module.global.get(carrier(typeOf(local), k), typeOf(local))));
    return coded ? this.dispatch(call, loads, exits, falls) : [call, ...loads, ...this.goOn(exits, falls)];
  }

  /** After a region that ends in one way only. */
  goOn(exits, falls) {
    return falls ? [] : [exits.length ? module.br(exits[0]) : module.unreachable()];
  }

  /** After a region that ends in several ways and says in which. */
  dispatch(call, loads, exits, falls) {
    if (loads.length === 0 && exits.length === 1) return [module.br(exits[0], call)];
    const code = carrier(B.i32, 'code');
    const jumps = exits.map((label, k) => (!falls && k === exits.length - 1
      ? module.br(label)
      : module.br(label, module.i32.eq(module.global.get(code, B.i32), module.i32.const(k + 1)))));
    return [module.global.set(code, call), ...loads, ...jumps];
  }
}

// ---- The module -----------------------------------------------------------------------------------------------------------------------

/** Bytes of code of each function that the module defines, read from the binary's code section. */
function codeSizes(bytes) {
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === 10) {
      return Array.from({ length: number() }, () => {
        const size = number();
        at += size;
        return size;
      });
    }
    at = end;
  }
  throw new Error('the module has no code');
}

const TIDY = ['simplify-locals', 'coalesce-locals', 'reorder-locals', 'vacuum'];

function main() {
  // Functions the module defines are named by their number.
  const giants = codeSizes(input).flatMap((size, k) => (size > GIANT_BYTES ? [String(k)] : []));
  for (const name of giants) {
    module.runPassesOnFunction(module.getFunction(name), ['ssa']);
    new Giant(module.getFunction(name)).split();
  }
  if (!module.validate()) throw new Error('the module is not valid after the split');
  for (const name of giants) module.runPassesOnFunction(module.getFunction(name), TIDY);
  for (let k = 0; k < module.getNumFunctions(); k++) {
    const reference = module.getFunctionByIndex(k);
    if (B.getFunctionInfo(reference).name.startsWith('split_')) module.runPassesOnFunction(reference, [...TIDY, 'remove-unused-brs']);
  }
  if (!module.validate()) throw new Error('the module is not valid after tidying');
  // In one step, so that a build that is stopped leaves nothing half done.
  fs.writeFileSync(`${outFile}.part`, module.emitBinary());
  fs.renameSync(`${outFile}.part`, outFile);
  console.log(`split ${giants.length} functions of ${inFile} into ${outlined + giants.length}`);
}

// A switch of a thousand cases is a thousand blocks deep: more than the stack of the main thread holds.
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), resourceLimits: { stackSizeMb: 64 } });
  worker.on('error', (problem) => {
    console.error(problem);
    process.exit(1);
  });
} else {
  main();
}
