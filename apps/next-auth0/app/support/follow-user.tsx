"use client";

import { followUser } from "@widget-token-apps/page/follow-user";
import { useEffect } from "react";

/** Loads the page anew when another tab says that somebody else is signed in, or nobody: its script tag holds the user's token. */
export function FollowUser({ user }: { user: string | null }): null {
	useEffect(() => followUser(user, () => location.reload()), [user]);
	return null;
}
