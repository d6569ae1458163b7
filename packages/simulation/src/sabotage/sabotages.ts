import { clientSabotages } from './client-sabotages.ts';
import { luaSabotages } from './lua-sabotages.ts';
import type { Sabotage } from './sabotage.ts';

/** Lists all stores that are broken on purpose. */
export const sabotages: readonly Sabotage[] = [...luaSabotages, ...clientSabotages];
