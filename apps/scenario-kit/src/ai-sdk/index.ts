export { languageModel, type ChatLanguageModel } from './language-model.ts';
