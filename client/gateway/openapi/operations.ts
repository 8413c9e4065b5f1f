import { browserOperations } from './browser-operations.ts';
import { insightsOperations } from './insights-operations.ts';
import { installationOperations } from './installation-operations.ts';
import { laneOperations } from './lane-operations.ts';
import type { Operation } from './operation.ts';
import { notificationOperations } from './notification-operations.ts';
import { overviewOperations } from './overview-operations.ts';
import { planOperations } from './plan-operations.ts';
import { releaseOperations } from './release-operations.ts';
import { tokenOperations } from './token-operations.ts';

/** All that the gateway answers: its documentation is made of it, and a test holds the server against it. */
export const operations: { title: string; operations: Operation[] }[] = [
  { title: 'Overview', operations: overviewOperations },
  { title: 'Releases and rollbacks', operations: releaseOperations },
  { title: 'Plans', operations: planOperations },
  { title: 'Lanes', operations: laneOperations },
  { title: 'Insights', operations: insightsOperations },
  { title: 'Notifications', operations: notificationOperations },
  { title: 'Tokens', operations: tokenOperations },
  { title: 'Browsers', operations: browserOperations },
  { title: 'The installation and its audit', operations: installationOperations },
];

export const allOperations = operations.flatMap((group) => group.operations);
