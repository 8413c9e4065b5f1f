import type { Database } from './database.ts';
import type { Clock } from './port.ts';

export function postgresClock(database: Database): Clock {
  return {
    async now() {
      const [row] = await database.query<{ now: number }>(
        'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now',
      );
      return (row as { now: number }).now;
    },
  };
}
