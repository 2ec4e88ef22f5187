# Makes the calls of a list with net/http: client.rb CALLS.json BASE.
require "json"
require "net/http"
require "stringio"

calls = JSON.parse(File.read(ARGV[0], encoding: "utf-8"))
base = URI(ARGV[1])
Net::HTTP.start(base.host, base.port, nil, read_timeout: 5) do |http|
  calls.each do |c|
    target = c["path"]
    target += (target.include?("?") ? "&" : "?") + URI.encode_www_form(c["query"]) if c["query"]
    request = Net::HTTP.const_get(c["method"].capitalize).new(target)
    (c["headers"] || []).each { |k, v| request[k] = v }
    request.basic_auth(*c["auth"]) if c["auth"]
    request.set_form_data(c["form"]) if c["form"]
    if c.key?("json")
      request["Content-Type"] = "application/json"
      request.body = JSON.generate(c["json"])
    elsif c["text"]
      request["Content-Type"] = c["type"]
      request.body = c["text"]
    elsif c["parts"]
      parts = c["parts"].map { |p| p["value"] ? [p["name"], p["value"]] : [p["name"], StringIO.new(p["data"].unpack1("m")), { filename: p["filename"], content_type: p["type"] }] }
      request.set_form(parts, "multipart/form-data")
    end
    begin
      http.request(request)
    rescue StandardError => e
      warn "#{e.class}: #{e.message}"
    end
  end
end
