const YEAR = 365 * 86_400_000;
const START = Date.parse('2025-03-01T00:00:00.123Z');

/** A line of an Application Load Balancer's access log, the one of its number among so many that are spread over a year. */
export function albLine(index: number, count: number): string {
  const time = new Date(START + Math.floor((index * YEAR) / count)).toISOString().replace('Z', '456Z');
  const status = index % 50 === 0 ? 502 : 200;
  const trace = `1-58337281-${index.toString(16).padStart(24, '0')}`;
  return `https ${time} app/shop/50dc6c495c0c9188 192.168.${index % 250}.${index % 199}:${1024 + (index % 60_000)} 10.0.0.1:80 0.086 0.0${index % 90} 0.037 ${status} ${status} ${200 + (index % 900)} ${index % 7000} "GET https://www.example.com:443/item/${index % 5000}?page=${index % 9} HTTP/1.1" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/1${index % 40}.0 Safari/537.36" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=${trace}" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/12345678" 1 ${time} "forward" "-" "-" "10.0.0.1:80" "${status}" "-" "-"`;
}
