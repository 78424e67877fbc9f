export function Logo({ size = 26 }: { size?: number }) {
  return <img src="/penstock.svg" width={size} height={size} alt="" />;
}
