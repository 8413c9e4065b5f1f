import { z } from 'zod';
import type { AuditLanes, AuditPage } from '../../domain/contract/gateway.ts';
import type { LaneEnd } from '../../domain/contract/evidence.ts';
import { count, fieldsOf, hash, table, text, time } from './fields.ts';

const end = z.object(fieldsOf<LaneEnd>()({ lane: text, n: count, hash })).meta({ id: 'LaneEnd' });

export const auditLanes = z
  .object(
    fieldsOf<AuditLanes>()({
      lanes: z.array(end),
      all: z.boolean().meta({ description: 'There are no others: whoever asks may look at everything.' }),
    }),
  )
  .meta({ id: 'AuditLanes', description: 'Where each chain of the audit ends.' });

const auditRow = z
  .object(
    fieldsOf<AuditPage['rows'][number]>()({
      lane: text,
      key: text,
      at: time,
      what: text,
      who: text,
      facts: table,
      n: count,
      previous: text.meta({ description: 'Hash of the row before; of the first, of nothing.' }),
      hash,
      writer: text.exactOptional().meta({ description: 'The database role that wrote it.' }),
    }),
  )
  .meta({
    id: 'AuditRow',
    description: '`facts` are as they were written: a time in them is in milliseconds since 1970.',
  });

export const auditPage = z
  .object(fieldsOf<AuditPage>()({ rows: z.array(auditRow) }))
  .meta({ id: 'AuditPage', description: 'As stored.' });
