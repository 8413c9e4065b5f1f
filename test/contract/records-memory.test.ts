import { createMemoryRecords } from '../support/memory-records/memory-records.ts';
import { describeRecords } from './records.suite.ts';

describeRecords('in memory', () => {
  const records = createMemoryRecords();
  return Promise.resolve({ records, elsewhere: records, tearDown: () => records.close() });
});
