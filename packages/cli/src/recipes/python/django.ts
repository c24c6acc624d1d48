import type { Contract } from "@widget-token/core";
import { pythonLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { planRecipe, type RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import type { Recipe } from "../recipe.ts";
import { indent, joinLines, type Lines } from "../source.ts";
import { pythonName } from "./claims.ts";
import { pythonInstall } from "./python.ts";
import { pythonNames, pythonSigner } from "./signer.ts";

/** Django with PyJWT: the signing function and a view. */
export function djangoRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	const { module } = pythonNames(plan);
	const hasEmail = plan.inputs.some(({ field }) => field === "emailVerified");
	return {
		files: [
			{ name: `${module}.py`, text: pythonSigner(plan) },
			{ name: `${module}_view.py`, text: djangoView(plan) },
		],
		install: pythonInstall(plan),
		run: joinLines(
			`# urls.py`,
			`from .${module}_view import ${module}`,
			"",
			`urlpatterns += [path("api/${plan.id}-token", ${module}, name="${plan.id}-token")]`,
		).trimEnd(),
		notes: [
			...environmentNotes(plan),
			...(hasEmail
				? ["Django does not record whether an address is proven: let email_is_verified say it, with django-allauth by its EmailAddress."]
				: []),
			"The view is not login_required: that answers a script with the HTML of the login page.",
			...sharedNotes(plan),
		],
	};
}

function djangoView(plan: RecipePlan): string {
	const names = pythonNames(plan);
	const { answer, scheme } = plan;
	const hasLifetime = scheme === "jwt" && answer.format === "json";
	const roles = plan.inputs.filter(({ type }) => type === "role" || type === "roles");
	const hasEmail = plan.inputs.some(({ field }) => field === "emailVerified");
	return joinLines(
		`"""The endpoint that gives a signed-in user's page the ${scheme === "jwt" ? "token" : "hash"} for ${plan.name}."""`,
		"",
		answer.format === "text" ? "from django.http import HttpResponse, JsonResponse" : "from django.http import JsonResponse",
		"from django.views.decorators.cache import never_cache",
		"from django.views.decorators.http import require_GET",
		"from django.views.decorators.vary import vary_on_cookie",
		"",
		`from .${names.module} import ${[hasLifetime && "LIFETIME_SECONDS", "IdentityError", names.function].filter(Boolean).join(", ")}`,
		"",
		"",
		"@never_cache",
		"@vary_on_cookie",
		"@require_GET",
		`def ${names.module}(request):`,
		indent(
			"    ",
			"user = request.user",
			"if not user.is_authenticated:",
			answer.format === "text"
				? '    return _problem(401, "not_signed_in", "Nobody is signed in")'
				: `    return _protect(JsonResponse({${literal(answer.member)}: None}))`,
			"# An administrator who acts as the user (django-hijack) is not that user.",
			'if getattr(user, "is_hijacked", False):',
			'    return _problem(403, "user_impersonated", "Somebody else acts as this user")',
			"try:",
			`    token = ${names.function}(`,
			plan.inputs.filter(({ type }) => type !== "attributes").map((input) => `        ${pythonName(input)}=${valueCode(input)},`),
			"    )",
			"except IdentityError as error:",
			'    return _problem(403, "identity_insufficient", str(error))',
			answer.format === "text"
				? 'return _protect(HttpResponse(token, content_type="text/plain; charset=utf-8"))'
				: `return _protect(JsonResponse({${literal(answer.member)}: token${hasLifetime ? ', "expiresIn": LIFETIME_SECONDS' : ""}}))`,
		),
		hasEmail && [
			"",
			"",
			"def email_is_verified(user):",
			'    """Whether `user.email` is proven by a link or a code; only then it is sent.',
			"",
			"    Here by a field of a custom user model. With django-allauth:",
			"    EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()",
			'    """',
			'    return getattr(user, "email_verified", False) is True',
		],
		roles.map((input) => roleLines(input, plan)),
		"",
		"",
		"def _protect(response):",
		'    response["CDN-Cache-Control"] = "no-store"',
		'    response["Cross-Origin-Resource-Policy"] = "same-origin"',
		'    response["X-Content-Type-Options"] = "nosniff"',
		"    return response",
		"",
		"",
		"def _problem(status, code, title):",
		'    """An error in the form of RFC 9457."""',
		'    body = {"title": title, "status": status, "code": code}',
		'    return _protect(JsonResponse(body, status=status, content_type="application/problem+json"))',
	);
}

function valueCode(input: PlannedInput): string {
	switch (input.field) {
		case "id":
			return "user.pk if isinstance(user.pk, int) else str(user.pk)";
		case "email":
			return "user.email or None";
		case "emailVerified":
			return "email_is_verified(user)";
		case "name":
			return "user.get_full_name()";
	}
	if (input.type === "role" || input.type === "roles") return `${snakeCase(input.words)}_of(user)`;
	// What Django's own user has not, a custom one or a property may have.
	return `getattr(user, "${pythonName(input)}", None)`;
}

function roleLines({ type, words }: PlannedInput, plan: RecipePlan): Lines {
	const oneOf = plan.claims.flatMap(({ value }) => (value.from === "role" && value.input.type === type ? (value.oneOf ?? []) : []));
	const name = snakeCase(words);
	const groups = 'set(user.groups.values_list("name", flat=True))';
	const body =
		type === "role"
			? oneOf.length > 0
				? [`groups = ${groups}`, `return next((role for role in ${literal(oneOf)} if role in groups), None)`]
				: ['return user.groups.order_by("name").values_list("name", flat=True).first()']
			: oneOf.length > 0
				? [`return sorted(${groups} & set(${literal(oneOf)}))`]
				: [`return sorted(${groups})`];
	return [
		"",
		"",
		`def ${name}_of(user):`,
		`    """The user's ${name} at the vendor: here by the names of Django's groups, which no user can write."""`,
		indent("    ", body),
	];
}
