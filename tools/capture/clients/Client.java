import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes the calls of a list with java.net.http: Client.java CALLS.lines BASE. A line: method, path, query, headers, form, type, body; base64 in base64. */
public class Client {
    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static List<String[]> pairs(String column) {
        List<String[]> out = new ArrayList<>();
        for (String pair : column.split(",")) {
            if (pair.contains(":")) {
                String[] kv = pair.split(":", -1);
                out.add(new String[] {text(kv[0]), text(kv[1])});
            }
        }
        return out;
    }

    private static String encoded(List<String[]> pairs) {
        List<String> out = new ArrayList<>();
        for (String[] p : pairs) {
            out.add(URLEncoder.encode(p[0], StandardCharsets.UTF_8) + "=" + URLEncoder.encode(p[1], StandardCharsets.UTF_8));
        }
        return String.join("&", out);
    }

    public static void main(String[] args) throws Exception {
        HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] c = line.split("\t", -1);
            String query = encoded(pairs(c[2]));
            String path = text(c[1]);
            URI uri = URI.create(args[1] + path + (query.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + query));
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5));
            for (String[] h : pairs(c[3])) {
                request.header(h[0], h[1]);
            }
            String form = encoded(pairs(c[4]));
            HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();
            if (!form.isEmpty()) {
                request.header("Content-Type", "application/x-www-form-urlencoded");
                body = HttpRequest.BodyPublishers.ofString(form);
            } else if (!c[6].isEmpty()) {
                request.header("Content-Type", text(c[5]));
                body = HttpRequest.BodyPublishers.ofByteArray(Base64.getDecoder().decode(c[6]));
            }
            try {
                client.send(request.method(c[0], body).build(), HttpResponse.BodyHandlers.discarding());
            } catch (java.io.IOException | IllegalArgumentException e) {
                System.err.println(e);
            }
        }
    }
}
