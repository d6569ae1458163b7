export type { Fault } from './faults/fault.ts';
export { faults } from './faults/faults.ts';
export { Crew } from './run/crew.ts';
export { runFault, type RunOptions } from './run/run-fault.ts';
export type { RunReport } from './run/run-report.ts';
export type { StockPath, Subject, SubjectCounts, SubjectModule, SubjectOptions } from './subjects/subject.ts';
export type { Target } from './subjects/target.ts';
