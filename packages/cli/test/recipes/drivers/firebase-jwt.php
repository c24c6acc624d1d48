<?php
// A stand-in for the one method of firebase/php-jwt that the recipes call, which Debian has no package of.
declare(strict_types=1);

namespace Firebase\JWT;

final class JWT
{
    public static function encode(array $payload, #[\SensitiveParameter] $key, string $alg, ?string $keyId = null, ?array $head = null): string
    {
        $header = ['typ' => 'JWT', 'alg' => $alg] + ($keyId === null ? [] : ['kid' => $keyId]) + ($head ?? []);
        $input = self::encodePart($header) . '.' . self::encodePart($payload);

        return $input . '.' . self::base64Url(self::signature($input, $key, $alg));
    }

    private static function encodePart(array $part): string
    {
        return self::base64Url(json_encode($part, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
    }

    private static function base64Url(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }

    private static function signature(string $input, string $key, string $alg): string
    {
        if (str_starts_with($alg, 'HS')) {
            return hash_hmac('sha' . substr($alg, 2), $input, $key, true);
        }
        if (!openssl_sign($input, $signature, $key, OPENSSL_ALGO_SHA256)) {
            throw new \DomainException('OpenSSL unable to sign data');
        }

        return $alg === 'RS256' ? $signature : self::fromDer($signature);
    }

    /** The two integers of an ECDSA signature (RFC 3279), each in the 32 bytes that JWS wants (RFC 7518, section 3.4). */
    private static function fromDer(string $der): string
    {
        $first = ord($der[3]);
        $second = ord($der[5 + $first]);
        $pad = static fn (string $integer): string => str_pad(ltrim($integer, "\0"), 32, "\0", STR_PAD_LEFT);

        return $pad(substr($der, 4, $first)) . $pad(substr($der, 6 + $first, $second));
    }
}
