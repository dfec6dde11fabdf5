const UNITS = ['bytes', 'KB', 'MB', 'GB'];

/** "86 KB", "2.1 MB": as the server says sizes, in thousands. */
export function weight(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const digits = power > 1 ? 1 : 0;
  return `${(bytes / 1000 ** power).toFixed(digits)} ${UNITS[power]}`;
}
