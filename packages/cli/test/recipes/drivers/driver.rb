# Calls each recipe with the cases of a job and prints what came out.
require "json"

job = JSON.parse($stdin.read)

def snake(name)
  (name == "id" ? "user_id" : name.gsub(/([A-Z]|(?<=[a-z])\d)/) { "_#{$1.downcase}" }).to_sym
end

results = job["jobs"].to_h do |each|
  require File.join(job["folder"], each["file"])
  recipe = Object.const_get(each["callable"])
  outcomes = each["cases"].map do |inputs|
    { token: recipe.sign(**inputs.transform_keys { |name| snake(name) }) }
  rescue recipe::IdentityError => e
    { refused: e.message }
  rescue StandardError => e
    { failed: "#{e.class}: #{e.message}" }
  end
  [each["contract"], outcomes]
end
print JSON.generate(results)
