<?php
// Makes the calls of a list with PHP's curl or stream wrapper: client.php LIBRARY CALLS.json BASE.
[, $library, $file, $base] = $argv;
$calls = json_decode(file_get_contents($file), true);

function query(array $pairs): string {
    return implode('&', array_map(fn($p) => urlencode($p[0]) . '=' . urlencode($p[1]), $pairs));
}

foreach ($calls as $c) {
    $url = $base . $c['path'] . (isset($c['query']) ? (str_contains($c['path'], '?') ? '&' : '?') . query($c['query']) : '');
    $headers = array_map(fn($h) => "$h[0]: $h[1]", $c['headers'] ?? []);
    if (isset($c['auth'])) $headers[] = 'Authorization: Basic ' . base64_encode(implode(':', $c['auth']));
    $body = null;
    if (isset($c['text'])) { $body = $c['text']; $headers[] = "Content-Type: {$c['type']}"; }
    if (isset($c['json'])) { $body = json_encode($c['json']); $headers[] = 'Content-Type: application/json'; }
    if (isset($c['form'])) { $body = query($c['form']); if ($library === 'stream') $headers[] = 'Content-Type: application/x-www-form-urlencoded'; }
    if ($library === 'curl') {
        $handle = curl_init($url);
        if (isset($c['parts'])) {
            $body = [];
            foreach ($c['parts'] as $p) {
                if (isset($p['value'])) { $body[$p['name']] = $p['value']; continue; }
                $body[$p['name']] = new CURLStringFile(base64_decode($p['data']), $p['filename'], $p['type']);
            }
        }
        curl_setopt_array($handle, [CURLOPT_CUSTOMREQUEST => $c['method'], CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 5, CURLOPT_NOBODY => $c['method'] === 'HEAD', CURLOPT_NOPROXY => '*']);
        if ($body !== null) curl_setopt($handle, CURLOPT_POSTFIELDS, $body);
        curl_exec($handle);
        continue;
    }
    if (isset($c['parts'])) continue;
    @file_get_contents($url, false, stream_context_create(['http' => ['method' => $c['method'], 'header' => $headers, 'content' => $body ?? '', 'timeout' => 5, 'ignore_errors' => true, 'user_agent' => 'PHP/' . PHP_VERSION]]));
}
