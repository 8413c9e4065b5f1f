import { z } from 'zod';
import type { NoticeEvent, NoticeLevel } from '../../domain/contract/notices.ts';
import { noticeEvents, noticeLevels } from '../../domain/contract/notices.ts';
import type { MessageState, NotificationList, NotificationView } from '../../domain/contract/outbox.ts';
import { messageStates } from '../../domain/contract/outbox.ts';
import { count, fieldsOf, text, time, wordsOf, yes } from './fields.ts';

export const notificationView = z
  .object(
    fieldsOf<NotificationView>()({
      id: count,
      key: text.meta({ description: 'As its receiver gets it: the same key is the same message.' }),
      target: text.meta({ description: "As the operator's policy names it." }),
      run: text.meta({ description: 'Workflow id of the run that it is about.' }),
      event: wordsOf<NoticeEvent>(Object.keys(noticeEvents) as NoticeEvent[]),
      level: wordsOf<NoticeLevel>(noticeLevels),
      title: text,
      state: wordsOf<MessageState>(messageStates),
      tries: count,
      madeAt: time,
      nextAt: time.exactOptional().meta({ description: 'When it is tried next; of one that waits.' }),
      why: text.exactOptional().meta({ description: 'Why it was not taken, or not sent.' }),
    }),
  )
  .meta({ id: 'Notification', description: 'What one target was to be told, and what became of it.' });

export const notificationList = z
  .object(
    fieldsOf<NotificationList>()({
      notifications: z.array(notificationView),
      more: yes.exactOptional().meta({ description: 'There are older ones.' }),
    }),
  )
  .meta({ id: 'NotificationList', description: 'Those that wait or are dead first.' });
