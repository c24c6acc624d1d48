import type { Contract } from "@widget-token/core";
import { phpLiteral as literal } from "../literals.ts";
import { snakeCase, wordsOf } from "../naming.ts";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { planRecipe, type RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import type { Recipe } from "../recipe.ts";
import { indent, joinLines, type Lines } from "../source.ts";
import { phpClass, phpException, phpName } from "./names.ts";
import { phpSigner } from "./signer.ts";
import { footerScript, pageSettings } from "./wordpress-footer.ts";

/** A WordPress plugin: an endpoint that no page cache touches, and the footer that fetches the token from it. */
export function wordpressRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	const folder = `${plan.id}-token`;
	const prefix = wordpressPrefix(plan);
	const hasEmail = plan.inputs.some(({ field }) => field === "emailVerified");
	const settings = pageSettings(contract);
	return {
		files: [
			{ name: `${folder}/${folder}.php`, text: plugin(plan, contract) },
			{ name: `${folder}/${phpClass(plan)}.php`, text: phpSigner(plan, "constants") },
		],
		install: plan.scheme === "jwt" ? `cd wp-content/plugins/${folder} && composer require firebase/php-jwt` : "",
		run: `wp plugin activate ${folder}`,
		notes: [
			...environmentNotes(plan),
			"Each of them may be a constant of wp-config.php instead of an environment variable.",
			...(settings.length === 0
				? []
				: [
						`Give the page's values by the filter ${prefix}_page: ${settings.map(([name, description]) => `${name} (${description})`).join(", ")}. They are public.`,
					]),
			...(hasEmail
				? [
						`WordPress does not record whether an address is proven, so none is sent until the filter ${prefix}_email_verified says so. Where nobody gets an account without following the link in a mail: add_filter('${prefix}_email_verified', '__return_true');`,
					]
				: []),
			"The token is fetched by admin-ajax.php and never printed into a page, for a page may be cached.",
			...sharedNotes(plan),
		],
	};
}

/** What the plugin's functions, hooks and filters begin with. */
export function wordpressPrefix({ id }: RecipePlan): string {
	return `${snakeCase(wordsOf(id))}_token`;
}

function plugin(plan: RecipePlan, contract: Contract): string {
	const prefix = wordpressPrefix(plan);
	const isJwt = plan.scheme === "jwt";
	const { answer } = plan;
	const member = answer.format === "json" ? answer.member : "token";
	return joinLines(
		"<?php",
		"/**",
		` * Plugin Name: ${plan.name} identity`,
		` * Description: Tells ${plan.name} who the signed-in visitor is.`,
		" * Requires PHP: 8.1",
		" */",
		"",
		"declare(strict_types=1);",
		"",
		"defined('ABSPATH') || exit;",
		"",
		isJwt && "require_once __DIR__ . '/vendor/autoload.php';",
		`require_once __DIR__ . '/${phpClass(plan)}.php';`,
		"",
		"// admin-ajax.php is never cached, and knows the visitor by the login cookie alone: a nonce would grow old in a cached page.",
		`add_action('wp_ajax_${prefix}', '${prefix}_answer');`,
		`add_action('wp_ajax_nopriv_${prefix}', '${prefix}_answer');`,
		`add_action('wp_footer', '${prefix}_footer');`,
		"",
		"/** Answers a page of this site with the token of the visitor who is signed in. */",
		`function ${prefix}_answer(): void`,
		"{",
		indent(
			"    ",
			"nocache_headers();",
			"header('CDN-Cache-Control: no-store');",
			"header('Cross-Origin-Resource-Policy: same-origin');",
			"",
			"$user = wp_get_current_user();",
			"if ($user->ID === 0) {",
			`    wp_send_json([${literal(member)} => null]);`,
			"}",
			"",
			"try {",
			`    $token = ${prefix}_of($user);`,
			`} catch (${phpException(plan)} $error) {`,
			"    wp_send_json(['title' => $error->getMessage(), 'status' => 403, 'code' => 'identity_insufficient'], 403);",
			"} catch (Throwable $error) {",
			"    error_log($error->getMessage());",
			"    wp_send_json(['title' => 'The token could not be made', 'status' => 500, 'code' => 'internal_error'], 500);",
			"}",
			"",
			`wp_send_json([${literal(member)} => $token${isJwt ? `, 'expiresIn' => ${phpClass(plan)}::LIFETIME_SECONDS` : ""}]);`,
		),
		"}",
		"",
		`function ${prefix}_of(WP_User $user): string`,
		"{",
		indent(
			"    ",
			roleLines(plan),
			`return ${phpClass(plan)}::sign(`,
			plan.inputs
				.filter(({ type }) => type !== "attributes")
				.map((input, index, all) => `    ${phpName(input)}: ${valueCode(input, prefix)}${index === all.length - 1 ? "" : ","}`),
			");",
		),
		"}",
		"",
		"/** The same for every visitor, so that it may be cached: the token itself is fetched. */",
		`function ${prefix}_footer(): void`,
		"{",
		indent("    ", footerPhp(prefix, member, contract)),
		"}",
	);
}

function valueCode(input: PlannedInput, prefix: string): string {
	switch (input.field) {
		case "id":
			return "$user->ID";
		case "email":
			return "$user->user_email ?: null";
		case "emailVerified":
			return `apply_filters('${prefix}_email_verified', false, $user) === true`;
		case "name":
			return "$user->display_name";
		case "locale":
			return "str_replace('_', '-', get_user_locale($user))";
	}
	const name = snakeCase(input.words);
	const known = input.type === "role" || input.type === "roles" ? `$${name}` : "null";
	return `apply_filters('${prefix}_${name}', ${known}, $user)`;
}

function roleLines({ claims }: RecipePlan): Lines {
	const written = new Set<string>();
	return claims.map(({ value }) => {
		if (value.from !== "role" || written.has(value.input.type)) return [];
		written.add(value.input.type);
		const { oneOf } = value;
		if (value.input.type === "roles")
			return `$roles = ${oneOf ? `array_values(array_intersect(${literal(oneOf)}, $user->roles))` : "array_values($user->roles)"};`;
		return `$role = ${oneOf ? `array_values(array_intersect(${literal(oneOf)}, $user->roles))[0]` : "array_values($user->roles)[0]"} ?? null;`;
	});
}

function footerPhp(prefix: string, member: string, contract: Contract): Lines {
	const settings = pageSettings(contract);
	return [
		`$endpoint = wp_json_encode(admin_url('admin-ajax.php?action=${prefix}'), JSON_HEX_TAG);`,
		settings.length > 0 && [
			`$values = apply_filters('${prefix}_page', [`,
			settings.map(([name]) => `    '${name}' => null,`),
			"]);",
			"$settings = wp_json_encode($values, JSON_HEX_TAG);",
		],
		"?>",
		"<script>",
		footerScript(contract, member, "<?php echo $endpoint; ?>", settings.length > 0 ? "<?php echo $settings; ?>" : undefined),
		"</script>",
		"<?php",
	];
}
