<?php
// Runs the plugins of a job with WordPress's functions stubbed: each request in the life of a page, signed in and not.
declare(strict_types=1);

require getenv('PHP_JWT') ?: __DIR__ . '/firebase-jwt.php';
error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message): never {
    throw new ErrorException($message);
});

define('ABSPATH', '/');

final class WP_User
{
    public int $ID = 0;
    public string $user_email = '';
    public string $display_name = '';
    public array $roles = [];
}

/** What wp_send_json ends the request with. */
final class Answer extends Error
{
    public function __construct(public readonly mixed $body, public readonly int $status)
    {
        parent::__construct('answered');
    }
}

$actions = [];
$filters = [];
$user = new WP_User();
$isUncached = false;

function add_action(string $name, callable $action): void
{
    $GLOBALS['actions'][$name][] = $action;
}

function apply_filters(string $name, mixed $value, mixed ...$rest): mixed
{
    return array_key_exists($name, $GLOBALS['filters']) ? $GLOBALS['filters'][$name] : $value;
}

function wp_get_current_user(): WP_User
{
    return $GLOBALS['user'];
}

function wp_send_json(mixed $body, int $status = 200): never
{
    throw new Answer($body, $status);
}

function nocache_headers(): void
{
    $GLOBALS['isUncached'] = true;
}

function admin_url(string $path): string
{
    return 'https://www.example.com/wp-admin/' . $path;
}

function wp_json_encode(mixed $value, int $flags = 0): string
{
    return json_encode($value, $flags | JSON_THROW_ON_ERROR);
}

function get_user_locale(WP_User $user): string
{
    return 'en_GB';
}

$job = json_decode(file_get_contents('php://stdin'), false, flags: JSON_THROW_ON_ERROR);
foreach ($job->constants as $name => $value) {
    define($name, $value);
}
ini_set('error_log', '/dev/null');
$results = [];
foreach ($job->plugins as $plugin) {
    $actions = [];
    require $job->folder . '/' . $plugin->file;
    foreach ($plugin->cases as $case) {
        // An array for what PHP's callers have as one.
        $filters = array_map(static fn ($value) => $value instanceof stdClass ? (array) $value : $value, (array) $case->filters);
        $user = new WP_User();
        foreach ($case->user as $name => $value) {
            $user->$name = $value;
        }
        $isUncached = false;
        $action = $user->ID === 0 ? "wp_ajax_nopriv_$plugin->prefix" : "wp_ajax_$plugin->prefix";
        try {
            array_map(static fn (callable $each) => $each(), $actions[$action]);
            $outcome = ['status' => 0, 'body' => 'no answer'];
        } catch (Answer $answer) {
            $outcome = ['status' => $answer->status, 'body' => $answer->body];
        }
        ob_start();
        array_map(static fn (callable $each) => $each(), $actions['wp_footer']);
        $results[$plugin->contract][] = $outcome + ['isUncached' => $isUncached, 'footer' => ob_get_clean()];
    }
}
echo json_encode($results, JSON_THROW_ON_ERROR);
