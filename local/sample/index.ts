export { generateSample, type Sample, type SampleAttack } from './generate';
