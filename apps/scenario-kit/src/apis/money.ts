const euro = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** Writes an amount in cents as people read it: `€1,199.00`. */
export function formatEuros(cents: number): string {
  return euro.format(cents / 100);
}
