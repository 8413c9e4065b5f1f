import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aShop } from './support/worlds.ts';
