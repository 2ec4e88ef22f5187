// Names of what the server judges, for people. Unknown values are shown as they come (API.md, evolution).

/** Display names of the threat classes, as the server's `type` spells them (API.md chapter 3). */
const CLASSES: Record<string, string> = {
  sql_injection: "SQL Injection",
  xss: "XSS",
  ddos: "DDoS",
  path_traversal: "Path Traversal",
  file_inclusion: "File Inclusion",
  command_injection: "Command Execution",
  code_injection: "Code Execution",
  template_injection: "Template Execution",
  expression_injection: "Expression Execution",
  deserialization: "Unsafe Deserialization",
  ssrf: "SSRF",
  xxe: "XML External Entity",
  nosql: "Query Operator Abuse",
  ldap_xpath: "LDAP and XPath Abuse",
  header_injection: "Header Splitting",
  brute_force: "Brute Force",
  scanner: "Scanner",
  policy: "Policy Violation",
  anomaly: "Anomaly",
};

export const CLASS_NAMES = Object.keys(CLASSES);
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export const ACTIONS = ["allow", "flag", "block"] as const;

/** Name of a threat class for people. */
export function className(value: string): string {
  return CLASSES[value] ?? value;
}

/** What happened to a request; "blocked" only where it was really refused (API.md, chapter 3). */
export function actionText(action: string, enforced: boolean): string {
  if (action === "block") return enforced ? "Blocked" : "Would be blocked";
  if (action === "flag") return "Flagged";
  if (action === "allow") return "Allowed";
  return action;
}

const EVENTS: Record<string, string> = {
  alert_raised: "Alert raised",
  alert_handled: "Alert handled",
  config_changed: "Settings changed",
  model_replaced: "Model replaced",
  source_added: "Log source added",
  signed_in: "Signed in",
  signed_out: "Signed out",
};

/** What happened beside the requests. */
export function eventText(type: string): string {
  return EVENTS[type] ?? type;
}

const DECIDERS: Record<string, string> = {
  model: "Model",
  behaviour: "Behaviour",
  rule: "Signal rule",
  list: "Address list",
  exception: "Exception",
  failure: "Judging failed",
};

/** What settled the action. */
export function deciderText(value: string): string {
  return DECIDERS[value] ?? value;
}

/** Meaning of a status class, where it has one. */
export function statusText(status: number): string {
  if (status === 0) return "unknown";
  if (status < 200) return "informational";
  if (status < 300) return "success";
  if (status < 400) return "redirect";
  if (status < 500) return "client error";
  return "server error";
}
