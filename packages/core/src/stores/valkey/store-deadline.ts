import type { Clock } from '../../clock.ts';
import { StoreError } from '../../errors.ts';

/**
 * Waits for an answer no longer than a budget, so that every promise settles whatever the client does.
 *
 * @param onLate gets an answer that comes after the caller has gone
 * @throws StoreError `store_timeout` when the budget is over; the server may still do what it was asked
 */
export function withinBudget<R>(
  answer: Promise<R>,
  { clock, budgetMs, operation }: { readonly clock: Clock; readonly budgetMs: number; readonly operation: string },
  onLate?: (answer: R) => void,
): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    let isOver = false;
    const cancel = clock.after(
      budgetMs,
      () => {
        isOver = true;
        reject(
          new StoreError(
            'store_timeout',
            `Valkey has not answered "${operation}" within ${budgetMs} ms; it may still do it.`,
          ),
        );
      },
      true,
    );
    answer.then(
      (value) => {
        cancel();
        if (isOver) onLate?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
