export { extend } from './extend';
export { project } from './project';
export { summarize } from './summarize';
export { unionOperator } from './union';
export { where } from './where';
