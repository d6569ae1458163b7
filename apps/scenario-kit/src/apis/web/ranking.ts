import type { WebPage } from './pages.ts';

/** Is a page that matches a query. */
export interface RankedPage {
  readonly page: WebPage;
  readonly score: number;
}

// The customary values of BM25: how soon a repeated word stops counting, and how much long pages are marked down.
const SATURATION = 1.2;
const LENGTH_PENALTY = 0.75;
/** Is how often a word of the title counts. */
const TITLE_WEIGHT = 3;

/** Lists the pages that share a word with the query, the best first (BM25, Robertson and others, TREC-3 1994). */
export function rankPages(query: string, pages: readonly WebPage[]): RankedPage[] {
  const documents = pages.map((page) => ({ page, words: wordsOf(page) }));
  const averageLength = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
  const scoreOf = (term: string, words: readonly string[]): number => {
    const frequency = words.filter((word) => word === term).length;
    const holders = documents.filter((document) => document.words.includes(term)).length;
    const rarity = Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5));
    const norm = SATURATION * (1 - LENGTH_PENALTY + (LENGTH_PENALTY * words.length) / averageLength);
    return (rarity * frequency * (SATURATION + 1)) / (frequency + norm);
  };
  const terms = [...new Set(tokenize(query))];
  return documents
    .map(({ page, words }) => ({ page, score: terms.reduce((sum, term) => sum + scoreOf(term, words), 0) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score);
}

function wordsOf({ title, text }: WebPage): string[] {
  const titleWords = tokenize(title);
  return [...Array.from({ length: TITLE_WEIGHT }, () => titleWords).flat(), ...tokenize(text)];
}

function tokenize(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}
