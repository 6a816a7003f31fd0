export function LiveApp() {
  return null;
}
