export { strlen } from './strlen';
