// How each web server is told to write what Bartizan reads; the files under examples/ hold the same and more.

export const SERVERS = ["nginx", "Apache", "Caddy", "Traefik", "HAProxy"] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Recipe {
  /** What holds for the server as it comes. */
  note: string;
  /** What to put into its configuration. */
  snippet: string;
  /** Where its log usually lies. */
  log: string;
}

export const RECIPES: Record<ServerName, Recipe> = {
  nginx: {
    note: "The default combined log works as it is. With response time and host it is worth more:",
    snippet: `log_format bartizan '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                    '"$http_referer" "$http_user_agent" rt=$request_time host=$host';
access_log /var/log/nginx/access.log bartizan;`,
    log: "/var/log/nginx/access.log",
  },
  Apache: {
    note: "combined and vhost_combined work as they are. With the response time:",
    snippet: `LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D" bartizan
CustomLog \${APACHE_LOG_DIR}/access.log bartizan`,
    log: "/var/log/apache2/access.log",
  },
  Caddy: {
    note: "Its JSON access log is read as it is, once a site writes one:",
    snippet: `log {
    output file /var/log/caddy/access.log
    format json
}`,
    log: "/var/log/caddy/access.log",
  },
  Traefik: {
    note: "Both its common and its JSON format are read; JSON holds more:",
    snippet: `accessLog:
  filePath: /var/log/traefik/access.log
  format: json`,
    log: "/var/log/traefik/access.log",
  },
  HAProxy: {
    note: "Its HTTP log is read, from a file or as syslog:",
    snippet: `defaults
    mode http
    log global
    option httplog`,
    log: "/var/log/haproxy.log",
  },
};
