import { notificationList, notificationView } from '../../answers/notifications.ts';
import * as schemas from '../schemas.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const path = '/v1/notifications';
const { notification } = examples;
const { why: _why, ...tried } = notification;

export const notificationOperations: Operation[] = [
  {
    id: 'listNotifications',
    method: 'GET',
    path,
    needs: 'look',
    about: 'What people were to be told, and what became of it',
    notes: 'Those that wait or that nobody tries any more come first, the newest before the others.',
    query: schemas.notificationsQuery,
    answers: { 200: { schema: notificationList, when: 'About runs of lanes that you may look at.' } },
    failures: true,
    example: { query: { limit: '10' }, answer: { notifications: [notification] } },
  },
  {
    id: 'tellAgain',
    method: 'POST',
    path: `${path}/:id/again`,
    needs: 'operate',
    about: 'Have a notification tried again that nobody tries any more',
    notes:
      'From the beginning, as it was written. May be repeated. One that was delivered, or does not hold any more, is a conflict.',
    parameters: { id: 'Its number.' },
    body: schemas.nothing,
    answers: { 200: { schema: notificationView, when: 'It waits to be sent.' } },
    errors: ['forbidden', 'not-found', 'conflict'],
    failures: true,
    example: {
      parameters: { id: String(notification.id) },
      body: {},
      answer: { ...tried, state: 'waiting', tries: 0, nextAt: notification.madeAt },
    },
  },
];
