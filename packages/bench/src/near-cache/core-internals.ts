// The parts of a hit can only be told apart from inside, and no user needs them: so they are no public entry of the core,
// and this file is the only one of the repository that reaches past its border.
export { encodeArguments } from '../../../core/src/codec/canonical-encoding.ts';
export { LoopDetector } from '../../../core/src/loop/loop-detector.ts';
