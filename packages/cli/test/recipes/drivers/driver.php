<?php
// Calls each recipe with the cases of a job and prints what came out.
declare(strict_types=1);

require getenv('PHP_JWT') ?: __DIR__ . '/firebase-jwt.php';
error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message): never {
    throw new ErrorException($message);
});

$job = json_decode(file_get_contents('php://stdin'), false, flags: JSON_THROW_ON_ERROR);
$results = [];
foreach ($job->jobs as $each) {
    require $job->folder . '/' . $each->file;
    foreach ($each->cases as $given) {
        // An empty object within a value stays one; the value itself is an array, as PHP's callers have it.
        $inputs = array_map(static fn ($value) => $value instanceof stdClass ? (array) $value : $value, (array) $given);
        if (array_key_exists('id', $inputs)) {
            $inputs['userId'] = $inputs['id'];
            unset($inputs['id']);
        }
        try {
            $results[$each->contract][] = ['token' => ($each->callable)::sign(...$inputs)];
        } catch (Throwable $error) {
            $results[$each->contract][] = $error instanceof $each->refusal
                ? ['refused' => $error->getMessage()]
                : ['failed' => get_class($error) . ': ' . $error->getMessage()];
        }
    }
}
echo json_encode($results, JSON_THROW_ON_ERROR);
