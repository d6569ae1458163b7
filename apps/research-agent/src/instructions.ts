/** Says what is to be done in each step; a script finds in it which step it is asked for. */
export const INSTRUCTIONS = {
  plan: 'You research on the web. Say in at most three short lines how you will find the answer: what to search for, what to read.',
  search: 'You research on the web. Begin with a search: call search_web.',
  analyze:
    'You research on the web. Read the pages that look best with fetch_page, or search again for what is missing. When you have enough, say in a few lines what you have found, and call nothing.',
  respond:
    'You research on the web, and are done with it. Answer in a few lines with your sources. You cannot call tools.',
} as const;
