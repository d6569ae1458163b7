export { accountDiscrepancies } from './account-discrepancies.ts';
export { startProvider } from './provider-double.ts';
export { readmeOutput } from './readme-output.ts';
export { runSampleProcess, type SampleProcess } from './sample-process.ts';
