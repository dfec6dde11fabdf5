// The image tool, loaded when it is first opened.
export { openImageTool } from './image-tool/tool.js';
